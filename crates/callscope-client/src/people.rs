//! Accounts: one's own, and those of an organisation that one administers.

use callscope_core::people::{
    AuditAnswer, AuditPage, Code, CodeAnswer, MemberChange, Members, MembersAnswer, NewInvitation, PasswordChange,
};
use serde::de::DeserializeOwned;

use crate::access::{Method, json};
use crate::api::{Api, encoded};
use crate::error::ClientError;

/// Entries of a page of what was done.
const PAGE: u64 = 50;

impl Api {
    /// Changes one's own password; every other session ends.
    ///
    /// # Errors
    /// [`crate::Problem::BadRequest`] where the present one is wrong or the new one too short; else what failed.
    pub async fn change_password(&self, change: &PasswordChange) -> Result<(), ClientError> {
        let url = format!("{}/password", self.bases.session);
        self.access.send(Method::Post, &url, Some(json(change)?)).await.map(drop)
    }

    /// Ends all of one's own sessions, this one among them.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn sign_out_everywhere(&self) -> Result<(), ClientError> {
        self.access.send(Method::Delete, &format!("{}/all", self.bases.session), None).await.map(drop)
    }

    /// The people of an organisation.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn members(&self, organisation_id: &str) -> Result<Members, ClientError> {
        Ok(read::<MembersAnswer>(&self.access.get(&self.organisation_url("/members", organisation_id)).await?)?.data)
    }

    /// Makes a code that lets somebody into an organisation.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn invite(&self, new: &NewInvitation) -> Result<Code, ClientError> {
        let url = format!("{}/members", self.bases.people);
        Ok(read::<CodeAnswer>(&self.access.send(Method::Post, &url, Some(json(new)?)).await?)?.data)
    }

    /// Takes an invitation back.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn withdraw(&self, organisation_id: &str, id: &str) -> Result<(), ClientError> {
        let url = self.organisation_url(&format!("/members/invitations/{}", encoded(id)), organisation_id);
        self.access.send(Method::Delete, &url, None).await.map(drop)
    }

    /// Gives somebody another role, closes an account, or opens it again.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn change_member(&self, user_id: &str, change: &MemberChange) -> Result<(), ClientError> {
        let url = format!("{}/members/{}", self.bases.people, encoded(user_id));
        self.access.send(Method::Patch, &url, Some(json(change)?)).await.map(drop)
    }

    /// Takes somebody out of an organisation.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn remove_member(&self, organisation_id: &str, user_id: &str) -> Result<(), ClientError> {
        let url = self.organisation_url(&format!("/members/{}", encoded(user_id)), organisation_id);
        self.access.send(Method::Delete, &url, None).await.map(drop)
    }

    /// Ends all sessions of somebody.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn end_sessions(&self, organisation_id: &str, user_id: &str) -> Result<(), ClientError> {
        let url = self.organisation_url(&format!("/members/{}/sessions", encoded(user_id)), organisation_id);
        self.access.send(Method::Delete, &url, None).await.map(drop)
    }

    /// Makes a code by which somebody sets another password.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn allow_new_password(&self, organisation_id: &str, user_id: &str) -> Result<Code, ClientError> {
        let url = self.organisation_url(&format!("/members/{}/password", encoded(user_id)), organisation_id);
        Ok(read::<CodeAnswer>(&self.access.send(Method::Post, &url, None).await?)?.data)
    }

    /// A page, from 1 on, of what was done in an organisation.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn audit(&self, organisation_id: &str, page: u64) -> Result<AuditPage, ClientError> {
        let url = format!("{}&limit={PAGE}&page={page}", self.organisation_url("/audit", organisation_id));
        Ok(read::<AuditAnswer>(&self.access.get(&url).await?)?.data)
    }

    fn organisation_url(&self, path: &str, organisation_id: &str) -> String {
        format!("{}{path}?organizationId={}", self.bases.people, encoded(organisation_id))
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ClientError> {
    serde_json::from_slice(bytes).map_err(|error| callscope_core::Error::from(error).into())
}
